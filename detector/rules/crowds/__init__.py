"""Rules about crowds: what many accounts do together at an address, on a device, in an organisation."""

from detector.rules.crowds.base import CrowdRule
from detector.rules.crowds.catalog import CROWD_RULES

__all__ = ["CROWD_RULES", "CrowdRule"]
