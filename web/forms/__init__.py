"""What readers send us: signing up, confirming, leaving."""
