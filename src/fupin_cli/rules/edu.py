"""EDU: 义务教育有保障 (owner 区教育局; 三（二）1)."""

from __future__ import annotations

import narwhals as nw

from fupin_cli.rules.book import Book
from fupin_cli.rules.catalogue import SEVERE, rule
from fupin_cli.rules.terms import without

BUREAU = "区教育局"
CLAUSE = "工作要点 三（二）1"
ENROLMENT, EXEMPTIONS, CERTIFICATES = "education.enrolment", "education.exemptions", "disability.certificates"
