"""What comes back: reports, complaints and automatic replies, each read once and with its consequence."""
