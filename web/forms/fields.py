"""Reading what was typed into a form."""

from starlette.datastructures import FormData


def field_text(form: FormData, name: str) -> str:
    """Return a field's text without blanks at its ends; a file put where text belongs counts as nothing."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""
