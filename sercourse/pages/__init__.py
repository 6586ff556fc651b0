"""Notebooks that Voila serves as pages, and how: offline, and to no other server.

Voila's template asks another host for a font, and loads whatever JupyterLab extensions are installed. A
content security policy forbids the first, a list the second.
"""

from collections.abc import Sequence
from pathlib import Path

__all__ = ["EXTENSIONS", "POLICY", "serve"]

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "form-action 'none'",
        "base-uri 'self'",
        "frame-ancestors 'self'",
    )
)
"""What a page may load, and where it may send to: the server that it came from."""

EXTENSIONS = ("@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager", "anywidget")
"""Of JupyterLab's extensions, those that show widgets."""

_IDLE = 600  # seconds after which the kernel of a page that nobody holds open is ended


def serve(name: str, port: int, options: Sequence[str] = ()) -> None:
    """Serve a page until Ctrl-C; each who opens it gets a kernel of their own.

    Parameters
    ----------
    name : str
        Of a notebook in this folder.
    port : int
        Of this machine; the next free one if it is taken.
    options : sequence of str
        Of the command ``voila``.
    """
    from traitlets.config import Config
    from voila.app import Voila

    config = Config(
        {
            "Voila": {"tornado_settings": {"headers": {"Content-Security-Policy": POLICY}}},
            "VoilaConfiguration": {"extension_allowlist": list(EXTENSIONS)},
            "MappingKernelManager": {"cull_idle_timeout": _IDLE, "cull_interval": 60},
        }
    )
    page = Path(__file__).with_name(f"{name}.ipynb")
    Voila.launch_instance([str(page), f"--port={port}", *options], config=config)
