"""What the pages about ISCMs show of the record: each block as the plain values that its template shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr
from functools import cached_property

from sqlalchemy.orm import Session

from models.mechanism import MechanismStatus
from models.page import Block
from templates.languages import ENGLISH
from templates.markdown import Directive
from web.pages.about_mechanisms import MechanismLists, Name, Role, TypeCount
from web.pages.about_meetings import MeetingMention, grcp_meetings
from web.pages.about_theme import ThemeView, read_theme
from web.site import Site


@dataclass(frozen=True, slots=True)
class Contact:
    """Who keeps this installation, as it was set up; None for what was not."""

    name: str | None
    mail: str | None
    postal_address: str | None
    base_url: str


Listed = tuple[TypeCount, ...] | tuple[Role, ...] | tuple[Name, ...] | tuple[MeetingMention, ...]


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block in its place; `kind` chooses its form. A list is empty where the record has nothing for it."""

    kind: str
    content: Listed | ThemeView | Contact


@dataclass
class BlockReader:
    """Reads the blocks of one page as of a day; mechanisms are read once, however many blocks name them."""

    session: Session
    site: Site
    today: date
    language: str = ENGLISH

    def read(self, directive: Directive) -> BlockView | None:
        """Return the block of a directive; None for one this program does not know."""
        content: Listed | ThemeView | Contact | None
        match directive.name:
            case Block.TYPES:
                content = self._mechanisms.types()
            case Block.ASSOCIATIONS:
                content = self._mechanisms.associations()
            case Block.EMERGING:
                content = self._mechanisms.of_status(MechanismStatus.EMERGING)
            case Block.DORMANT:
                content = self._mechanisms.of_status(MechanismStatus.DORMANT)
            case Block.IOM_ROLES:
                content = self._mechanisms.roles()
            case Block.GRCP_MEETINGS:
                content = grcp_meetings(self.session, today=self.today, language=self.language)
            case Block.THEME:
                content = read_theme(self.session, directive.argument or "", language=self.language)
            case Block.CONTACTS:
                content = contact_of(self.site)
            case _:
                content = None
        return None if content is None else BlockView(directive.name, content)

    @cached_property
    def _mechanisms(self) -> MechanismLists:
        return MechanismLists(self.session, language=self.language)


def read_blocks(
    session: Session, directives: Sequence[Directive], *, site: Site, today: date, language: str = ENGLISH
) -> dict[int, BlockView]:
    """Return the blocks of a page by the lines of their directives; those that are none are left out."""
    reader = BlockReader(session, site, today, language)
    found = {directive.line: reader.read(directive) for directive in directives}
    return {line: view for line, view in found.items() if view}


def contact_of(site: Site) -> Contact:
    """Return who keeps this installation."""
    name, mail = parseaddr(site.contact or "")
    return Contact(name or None, mail or None, site.postal_address, site.base_url)
