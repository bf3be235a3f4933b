"""Making ready what a connection takes: a reader's letter in its envelope, its signature made ahead."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from newsletter.claims import Held
from newsletter.envelope_id import envelope_id_of
from newsletter.journal import Claim
from newsletter.links import Purpose, make_token
from newsletter.message import EncodedEdition, Recipient
from newsletter.office import PostOffice
from newsletter.return_address import return_address
from newsletter.transport import Parcel


class Packing:
    """Packs the letters of one sending.

    A signature takes longer than all else about a letter, and is made in a thread that lets others run: for
    letters that are expected, before their turn comes.
    """

    def __init__(self, office: PostOffice, editions: Mapping[str, EncodedEdition]) -> None:
        """Take the editions by language; every held row's is among them."""
        self._office = office
        self._editions = editions
        # None: expected, not signed yet. What was packed meanwhile is taken out, and never signed in vain.
        self._signatures: dict[Claim, bytes | None] = {}
        self._signing = ThreadPoolExecutor(1, thread_name_prefix="sending-signs")

    def expect(self, claimed: Sequence[Held]) -> None:
        """Begin to sign the letters of rows that were just claimed."""
        if any(edition.is_signed for edition in self._editions.values()):
            self._signatures.update(dict.fromkeys(held.claim for held in claimed))
            self._signing.submit(self._sign, claimed)

    def parcel(self, held: Held) -> Parcel:
        """Return the letter of a held row with its envelope."""
        recipient = self._recipient(held)
        signature = self._signatures.pop(held.claim, None)
        return Parcel(
            sender=self._return_address(held),
            recipient=held.address,
            envelope_id=envelope_id_of(held.id, held.message_id),
            letter=self._editions[held.language].join(recipient, signature=signature),
        )

    def close(self) -> None:
        """Sign nothing more."""
        self._signing.shutdown(wait=False, cancel_futures=True)

    def _sign(self, claimed: Sequence[Held]) -> None:
        for held in claimed:
            if held.claim in self._signatures:
                made = self._editions[held.language].signature(self._recipient(held))
                if held.claim in self._signatures:
                    self._signatures[held.claim] = made

    def _recipient(self, held: Held) -> Recipient:
        keys = self._office.keys
        reader = held.subscriber_id or 0
        return Recipient(
            address=held.address,
            message_id=held.message_id,
            unsubscribe=make_token(keys, Purpose.UNSUBSCRIBE, row=reader, address_key=held.address_key),
            preferences=make_token(
                keys, Purpose.PREFERENCES, row=reader, address_key=held.address_key, epoch=held.link_epoch
            ),
            corrected=held.in_reply_to or "",
        )

    def _return_address(self, held: Held) -> str:
        domain = self._office.bounce_domain
        if not domain:
            return self._office.letterhead.sender_address
        keys = self._office.keys
        return return_address(keys, delivery_id=held.id, message_id=held.message_id, domain=domain)
