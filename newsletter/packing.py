"""Making ready what a connection takes: a reader's letter in its envelope, its signature made ahead."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from newsletter.claims import Held
from newsletter.envelope_id import envelope_id_of
from newsletter.journal import Claim
from newsletter.links import Purpose, make_token
from newsletter.message import EncodedEdition, Recipient
from newsletter.office import PostOffice
from newsletter.return_address import return_address
from newsletter.transport import Parcel

Signed = tuple[Recipient, bytes]
"""What a letter's slots hold, and its signature."""


class Packing:
    """Packs the letters of one sending.

    A signature takes longer than all else about a letter, and is made in a thread that lets others run: for
    letters that are expected, before their turn comes.
    """

    def __init__(self, office: PostOffice, editions: Mapping[str, EncodedEdition]) -> None:
        """Take the editions by language; every held row's is among them."""
        self._office = office
        self._editions = editions
        self._expected: dict[Claim, Future[Signed]] = {}
        self._signing = ThreadPoolExecutor(1, thread_name_prefix="sending-signs")

    def expect(self, claimed: Sequence[Held]) -> None:
        """Begin to sign the letters of rows that were just claimed."""
        if any(edition.is_signed for edition in self._editions.values()):
            expected: list[tuple[Held, Future[Signed]]] = [(held, Future()) for held in claimed]
            self._expected.update((held.claim, signed) for held, signed in expected)
            self._signing.submit(self._sign, expected)

    def parcel(self, held: Held) -> Parcel:
        """Return the letter of a held row with its envelope."""
        recipient, signature = self._signed(held)
        return Parcel(
            sender=self._return_address(held),
            recipient=held.address,
            envelope_id=envelope_id_of(held.id, held.message_id),
            letter=self._editions[held.language].join(recipient, signature=signature),
        )

    def close(self) -> None:
        """Sign nothing more."""
        for signed in self._expected.values():
            signed.cancel()
        self._signing.shutdown(wait=False, cancel_futures=True)

    def _signed(self, held: Held) -> Signed:
        expected = self._expected.pop(held.claim, None)
        # What is being signed at this moment is waited for: to sign it here as well would take longer. What
        # is not begun yet is signed here, and by nobody else.
        if expected is not None and not expected.cancel():
            return expected.result()
        return self._signature(held)

    def _sign(self, expected: Sequence[tuple[Held, Future[Signed]]]) -> None:
        for held, signed in expected:
            if signed.set_running_or_notify_cancel():
                try:
                    signed.set_result(self._signature(held))
                except Exception as error:  # noqa: BLE001 - whoever packs the letter is told, whatever it was
                    signed.set_exception(error)

    def _signature(self, held: Held) -> Signed:
        recipient = self._recipient(held)
        return recipient, self._editions[held.language].signature(recipient)

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
