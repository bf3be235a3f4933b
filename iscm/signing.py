"""The key that signs mail, as the settings name it."""

from iscm.settings import PREFIX, BadSetting, Settings
from newsletter.dkim.signing import Signer


def signer_of(settings: Settings) -> Signer | None:
    """Who signs every mail; None where nobody does. Raises BadSetting when its key cannot be read."""
    if settings.dkim_key_file is None:
        return None
    # A library of ciphers takes a tenth of a second to load: only those who sign wait for it.
    from newsletter.dkim.key import UnusableKey, read_key

    try:
        key = read_key(settings.dkim_key_file.read_bytes())
    except OSError as error:
        reason = f"the file cannot be read ({error.strerror})"
    except UnusableKey as error:
        reason = str(error)
    else:
        return Signer(domain=settings.dkim_domain, selector=settings.dkim_selector, key=key)
    raise BadSetting(f"{PREFIX}DKIM_KEY_FILE cannot be used: {reason}.")
