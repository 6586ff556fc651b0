"""The commands of ``sercourse``, a module a theme.

Each command imports what it needs when it runs, so that help answers at once.
"""

__all__: list[str] = []
