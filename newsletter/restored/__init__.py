"""After a restore: the record is of an earlier day, and letters have left since. Nobody is to get two."""
