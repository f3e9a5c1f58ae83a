"""The world that everybody lives in: cities, lines, devices, days, and visits that become events."""
