"""A sending in a sandbox, killed again and again: a proof that anybody can repeat on their own machine."""
