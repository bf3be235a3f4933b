"""How quick the house is: measured side by side with its peers, told as ratios. See `make bench`."""
