"""The five reports as data, with the tables that they printed, and what can be found wrong with them.

They are coursework reports on speech emotion recognition, from 2019 to 2023. Each fact is marked as stated in
the report, derived from what it states, or our guess. Figures stand as they were printed.
"""

from sercourse.reports.published.report_a import REPORT_A
from sercourse.reports.published.report_b import REPORT_B
from sercourse.reports.published.report_c import REPORT_C
from sercourse.reports.published.report_d import REPORT_D
from sercourse.reports.published.report_e import REPORT_E

REPORTS = {report.letter: report for report in (REPORT_A, REPORT_B, REPORT_C, REPORT_D, REPORT_E)}
"""The reports by their letters, A to E."""
