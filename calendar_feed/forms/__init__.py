"""Other forms of a feed, made from its iCalendar bytes: for programs and people who read no calendars."""
