"""A plain page with a sentence, for what has nothing else to show."""

from __future__ import annotations

import html

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 0; display: grid; min-height: 100vh;
       place-items: center; background: Canvas; color: CanvasText; }}
main {{ max-width: 44rem; padding: 2rem; }}
h1 {{ font-size: 1.4rem; font-weight: 600; }}
pre {{ font: .85rem/1.4 ui-monospace, monospace; overflow: auto; padding: .75rem 1rem;
      border: 1px solid #8886; border-radius: .375rem; white-space: pre-wrap; }}
button {{ font: inherit; padding: .4rem 1rem; border-radius: .375rem; border: 1px solid #8888;
         cursor: pointer; }}
</style></head>
<body><main><h1>{sentence}</h1>{rest}</main></body></html>
"""


def make_plain_page(title: str, sentence: str, rest: str = "") -> bytes:
    """Make a page of plain text `title` and `sentence`; `rest` is markup that follows them."""
    filled = PAGE.format(title=html.escape(title), sentence=html.escape(sentence), rest=rest)
    return filled.encode()
