"""The PDF edition of an issue: the tree set by Typst, which comes with the extra `pdf`."""
