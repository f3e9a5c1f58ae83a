"""Programs: crawlers, farms, attackers, floods and forgers, and the innocent ones that look like them."""
