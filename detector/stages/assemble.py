"""Putting shards together, in one way for the live service, for replays and for tests."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from detector.enrich import Enricher
from detector.events import Addresses
from detector.feedback import Feedbacks
from detector.policy import Book, Entitlements, default_book
from detector.privacy import Pseudonymizer
from detector.rules import RULES, Rule
from detector.stages.accounts import Accounts
from detector.stages.client_words import ClientWords
from detector.stages.columns import Columns
from detector.stages.crowds import Crowds
from detector.stages.judge import Judge
from detector.stages.masks import Mask
from detector.stages.proxies import Proxies
from detector.stages.regroup.regrouper import Regrouper, Texts


@dataclass(slots=True)
class Workshop:
    """What the shards of one process share: databases, caches, entitlements, feedback, rules, policies."""

    enricher: Enricher
    hashes: Pseudonymizer
    """Of identifiers within rows."""
    lateness_ms: int
    max_ahead_ms: int
    trusted_proxies: Sequence[str] | None = None
    mask: Mask = field(default_factory=lambda: Mask(None))
    """Shows addresses in evidence, as the policy says."""
    own_clients: Sequence[str] | None = None
    """Names of the platform's clients; None where nobody said."""
    rules: Sequence[Rule] = RULES
    book: Book = field(default_factory=default_book)
    entitlements: Entitlements = field(default_factory=Entitlements)
    feedback: Feedbacks = field(default_factory=Feedbacks)
    addresses: Addresses = field(default_factory=Addresses)
    columns: Columns = field(init=False)
    proxies: Proxies = field(init=False)
    texts: Texts = field(init=False)

    def __post_init__(self) -> None:
        """Make what the shards share."""
        self.proxies = Proxies(self.trusted_proxies, self.addresses)
        self.texts = Texts(lambda text: self.hashes.hash64(text, "crowd"))
        self.columns = Columns(
            self.enricher,
            self.proxies,
            lambda text: self.hashes.hash64(text, "client"),
            ClientWords(self.own_clients),
        )

    def accounts(self, topic: str, partition: int) -> Accounts:
        """Return a new shard for a partition of the topic of session events."""
        return Accounts(
            columns=self.columns,
            judge=Judge(
                self.rules,
                self.enricher,
                topic,
                partition,
                book=self.book,
                entitlements=self.entitlements,
                mask=self.mask,
                clients_told=self.own_clients is not None,
            ),
            regrouper=Regrouper(self.texts, partition, self.entitlements),
            book=self.book,
            addresses=self.addresses,
            proxies=self.proxies,
            entitlements=self.entitlements,
            lateness_ms=self.lateness_ms,
            max_ahead_ms=self.max_ahead_ms,
        )

    def crowds(self, topic: str) -> Crowds:
        """Return a new shard of stage crowds; `topic` is that of the session events, which evidence names."""
        return Crowds(self.enricher, topic, self.book, mask=self.mask, is_known=self._is_known)

    def _is_known(self, account_id: str, now: int) -> bool:
        """Return whether an account's own case may hold something back: a verdict, or another holder."""
        handovers = self.entitlements.handovers(account_id)
        return self.feedback.is_about(account_id, now) or any(moment <= now for moment in handovers)
