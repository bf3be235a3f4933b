"""Reading somebody else's calendar, .ics or .csv, into the record; writing files that are read back whole.

A file is read in three steps, each in the open: what it says of each meeting (`entries`), what that would
change in the record (`plan`), and the change itself, all of it or nothing (`writing`). A file is a
stranger's: its size, its lines and its nesting are looked at before anything is made of it.
"""
