"""What is enforced and how firmly: the policy, notices, and what is agreed with single customers."""

from detector.policy.default import DEFAULT_POLICY
from detector.policy.entitlements import Entitlement, Entitlements, Stamped
from detector.policy.model import Action, Policy

__all__ = ["DEFAULT_POLICY", "Action", "Entitlement", "Entitlements", "Policy", "Stamped"]
