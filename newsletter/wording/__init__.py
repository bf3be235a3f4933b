"""How the English edition says things: dates, places, titles, outcomes and whole sentences.

Every function takes plain facts and returns plain text. Another language is another package beside this one.
"""
