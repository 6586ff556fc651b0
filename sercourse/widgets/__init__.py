"""Controls for lessons. They work in JupyterLab and on a static page; nothing computes here."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "explorer": ["Explorer"],
        "forensic_form": ["ForensicForm"],
        "labeller": ["Labeller"],
        "listening": ["ListeningTest"],
        "players": ["Players"],
        "recorder": ["Recorded", "Recorder", "Uploaded"],
        "segmenter": ["Segmenter"],
        "timeline": ["Timeline"],
    },
)
