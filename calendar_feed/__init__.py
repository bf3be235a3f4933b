"""Meetings as calendars that stay right in everybody's phone: what is said of them, in which bytes."""
