"""What `make accuracy` is made of: seeds, one history from simulation to accusations, bars, and the page."""
