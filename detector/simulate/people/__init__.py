"""Human beings: innocents as they live, and those who share, sell, hop, hide and break in."""
