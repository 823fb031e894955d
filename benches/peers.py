"""Sets the same Markdown with shr, typst, WeasyPrint and Chromium, and prints time, memory, size, pages and tags.

Called by peers.sh. What each one gets is made before the clock starts: Markdown for shr, markup for typst, HTML for the
others, so that only shr reads Markdown inside its time. Fonts are the same files for all. The clock runs from the start of
the process to the written file; for the two Python packages also without the start of the interpreter and the import,
because a program of theirs would not have it.
"""

import argparse
import ctypes
import os
import pathlib
import resource
import subprocess
import sys
import time
from html.parser import HTMLParser

import markdown

STYLE = """
@font-face { font-family: Sans; src: url(FONTS/SourceSans3-Regular.ttf) }
@font-face { font-family: Sans; font-weight: bold; src: url(FONTS/SourceSans3-Semibold.ttf) }
@font-face { font-family: Sans; font-style: italic; src: url(FONTS/SourceSans3-It.ttf) }
@font-face { font-family: Code; src: url(FONTS/SourceCodePro-Regular.ttf) }
@page { size: A4; margin: 74pt 60pt 70pt;
  @top-left { content: 'Northwind Harbour GmbH'; font: 8pt Sans }
  @bottom-right { content: 'Page ' counter(page) ' of ' counter(pages); font: 8pt Sans } }
body { font: 9.5pt/13.5pt Sans; margin: 0 } code, pre { font-family: Code; font-size: 8.2pt; white-space: pre-wrap }
h1 { font-size: 28pt; line-height: 1.2 } h2 { font-size: 18pt; line-height: 1.2 } h3 { font-size: 12.5pt } h4 { font-size: 10pt }
table { border-collapse: collapse; width: 100%; font-size: 8pt; line-height: 11pt } td, th { border-bottom: .5pt solid #cdd5dc;
  padding: 3pt 4pt; text-align: left; vertical-align: top } h2, h3, h4 { break-after: avoid } tr { break-inside: avoid }
"""

HEAD = """#set document(title: "Report", author: "Example Assurance Ltd")
#set text(font: "Source Sans 3", size: 9.5pt, lang: "en")
#set page(paper: "a4", margin: (x: 60pt, top: 74pt, bottom: 70pt), header: [Northwind Harbour GmbH],
  footer: context [Page #counter(page).display() of #counter(page).final().first()])
#show raw: set text(font: "Source Code Pro", size: 8.2pt)
#show table: set text(size: 8pt)
#set table(stroke: (bottom: 0.5pt), inset: 4pt)
"""

TYPST = "import sys,time; t=time.perf_counter(); import typst; u=time.perf_counter(); typst.compile(sys.argv[1], output=sys.argv[2], font_paths=[sys.argv[3]], ignore_system_fonts=True, pdf_standards=['ua-1']); print(time.perf_counter()-u)"
WEASY = "import sys,time; from weasyprint import HTML; u=time.perf_counter(); HTML(sys.argv[1]).write_pdf(sys.argv[2], pdf_variant='pdf/ua-1'); print(time.perf_counter()-u)"


class Typst(HTMLParser):
    """HTML of Markdown as typst markup."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.out, self.lists, self.row, self.heads, self.pre = [], [], [], [], False

    def escaped(self, text):
        return "".join("\\" + c if c.isascii() and not c.isalnum() and not c.isspace() else c for c in text)

    def handle_starttag(self, tag, attrs):
        put = self.out.append
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            put("\n\n" + "=" * int(tag[1]) + " ")
        elif tag == "p":
            put("" if self.lists or self.row else "\n\n")
        elif tag in ("ul", "ol"):
            put("\n")
            self.lists.append("- " if tag == "ul" else "+ ")
        elif tag == "li":
            put("\n" + "  " * (len(self.lists) - 1) + self.lists[-1])
        elif tag in ("strong", "em"):
            put("#strong[" if tag == "strong" else "#emph[")
        elif tag == "pre":
            self.pre = True
            put("\n\n#block[")
        elif tag == "code":
            put('#raw("')
        elif tag == "blockquote":
            put("\n\n#quote(block: true)[")
        elif tag == "table":
            self.row.append(len(self.out))
            put("")
            self.columns, self.count = 0, 0
        elif tag == "thead":
            put("table.header(")
        elif tag == "tr":
            self.count = 0
        elif tag in ("td", "th"):
            self.count += 1
            self.columns = max(self.columns, self.count)
            put("[")

    def handle_endtag(self, tag):
        put = self.out.append
        if tag in ("strong", "em", "blockquote"):
            put("]")
        elif tag in ("ul", "ol"):
            self.lists.pop()
            put("\n")
        elif tag == "code":
            put('")')
        elif tag == "pre":
            self.pre = False
            put("]\n")
        elif tag == "thead":
            put("),\n")
        elif tag in ("td", "th"):
            put("], ")
        elif tag == "table":
            self.out[self.row.pop()] = f"\n\n#table(columns: {self.columns}, "
            put(")\n")

    def handle_data(self, data):
        if self.out and self.out[-1] == '#raw("':
            self.out.append(data.replace("\\", "\\\\").replace('"', '\\"'))
        elif data.strip() or not self.row:
            self.out.append(self.escaped(data))


def run(command, said=False):
    """Wall time, user time, largest memory of one process in MB, and what it printed."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out, err = child.communicate()
    wall = time.perf_counter() - start
    if child.returncode != 0:
        sys.exit(f"{command[0]} failed: {err[-2000:]}")
    # Processes that outlived their parent are ours (see main): what they used counts too.
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime - before.ru_utime, after.ru_maxrss / 1024, out.strip()


def measured(name, command, output, peers, runs):
    """The best of several runs, each measured in a process of its own, because memory is only ever a maximum."""
    rows = []
    for _ in range(runs):
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            ctypes.CDLL(None).prctl(36, 1)  # Orphans of the command become ours.
            os.write(write, repr(run(command)).encode())
            os._exit(0)
        os.close(write)
        with os.fdopen(read, "rb") as pipe:
            text = pipe.read().decode()
        os.waitpid(pid, 0)
        if not text:
            sys.exit(f"{name} failed")
        rows.append(eval(text))
    inner = [float(row[3]) for row in rows if row[3].replace(".", "", 1).isdigit()]
    pages, tagged = subprocess.check_output([peers, "inspect", output], text=True).split()
    return {
        "name": name, "wall": min(r[0] for r in rows), "inner": min(inner) if inner else None, "user": min(r[1] for r in rows),
        "memory": min(r[2] for r in rows), "size": os.path.getsize(output) / 1024, "pages": pages, "tagged": tagged,
    }


def main():
    parser = argparse.ArgumentParser()
    for name in ("peers", "chromium", "fonts", "work"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    work, fonts = pathlib.Path(args.work), pathlib.Path(args.fonts).resolve()
    for pages in (30, 300):
        source = work / f"{pages}.md"
        subprocess.check_call([args.peers, "markdown", str(pages), str(source)])
        html = markdown.markdown(source.read_text(), extensions=["tables", "fenced_code", "sane_lists"])
        page = work / f"{pages}.html"
        page.write_text(f"<!DOCTYPE html><html lang=en><title>Report</title><meta charset=utf-8><style>{STYLE.replace('FONTS', fonts.as_uri())}</style>{html}")
        typst = Typst()
        typst.feed(html)
        markup = work / f"{pages}.typ"
        markup.write_text(HEAD + "".join(typst.out))
        out = lambda name: str(work / f"{pages}-{name}.pdf")
        rows = [
            measured("shr", [args.peers, "pdf", str(source), out("shr")], out("shr"), args.peers, args.runs),
            measured("typst", [sys.executable, "-c", TYPST, str(markup), out("typst"), str(fonts)], out("typst"), args.peers, args.runs),
            measured("WeasyPrint", [sys.executable, "-c", WEASY, str(page), out("weasy")], out("weasy"), args.peers, max(1, args.runs // (pages // 30))),
        ]
        if args.chromium:
            flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run",
                     f"--user-data-dir={work}/profile", "--no-pdf-header-footer", "--export-tagged-pdf"]
            rows.append(measured("Chromium", [args.chromium, *flags, f"--print-to-pdf={out('chromium')}", page.as_uri()], out("chromium"), args.peers, max(1, args.runs // 2)))
        print(f"\n{pages} pages, best of {args.runs} runs (fewer for the slow)\n")
        print("| | wall | without start of Python | user CPU | memory | file | pages | tagged |\n|---|---:|---:|---:|---:|---:|---:|---|")
        for row in rows:
            inner = f"{row['inner'] * 1000:.0f} ms" if row["inner"] else "–"
            print(f"| {row['name']} | {row['wall'] * 1000:.0f} ms | {inner} | {row['user'] * 1000:.0f} ms | {row['memory']:.0f} MB | {row['size']:.0f} kB | {row['pages']} | {row['tagged']} |", flush=True)


main()
