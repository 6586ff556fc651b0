"""Settings of the course's site. `uv run sercourse site` adds the pages made from data, and calls Sphinx."""

from sercourse import __version__, settings
from sercourse.site import docstrings

project, author, copyright = "sercourse", "sercourse contributors", "sercourse contributors"
release = __version__
html_title = "Speech emotion recognition"
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "numpydoc", "sphinxcontrib.bibtex"]
exclude_patterns = ["files/*", "exercises/files/*", "parts/*"]

# The lessons come executed, by `sercourse.lessons`, which knows when a run is no longer valid.
nb_execution_mode = "off"
nb_output_stderr = "remove"
# A widget shows its picture in HTML: nothing is fetched, and no kernel is needed.
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]
nb_ipywidgets_js = {}
nb_render_markdown_format = "gfm"  # a cell may show a table in Markdown
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 3
bibtex_bibfiles = ["references.bib"]

default_role = "py:obj"  # names in docstrings lead to their page, if they have one
autodoc_typehints = "none"  # the docstrings have the types, in words
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True  # as they are written: a default that is a path is not one of this machine
add_module_names = False
numpydoc_show_class_members = False

html_context = {"default_mode": "auto"}
html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
html_css_files = ["course.css"]
html_js_files = ["course.js"]
html_show_sourcelink = False
html_show_sphinx = False
html_theme_options = {
    "search_bar_text": "Search the course",
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "navbar_persistent": [],
}
if repository := settings.repository():
    html_theme_options |= {
        "repository_url": repository,
        "path_to_docs": "notebooks",
        "use_repository_button": True,
        "launch_buttons": {
            "binderhub_url": "https://mybinder.org",
            "colab_url": "https://colab.research.google.com",
            "notebook_interface": "jupyterlab",
        },
    }


def setup(app):
    """Connect what settings cannot say."""
    docstrings.connect(app)
