"""The public pages, one file each: what the page needs of the record, and the answer."""
