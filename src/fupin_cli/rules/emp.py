"""EMP: 就业扶贫 (owner 区人社局, of the posts 区农业农村局; 三（四）2)."""

from __future__ import annotations

import narwhals as nw

from fupin_cli.rules.book import REGISTER, WATCHLIST, Book
from fupin_cli.rules.catalogue import GENERAL, SEVERE, part, rule, rule_in_parts
from fupin_cli.rules.reads import arrived, header, value
from fupin_cli.rules.register_rows import ABLE, in_school
from fupin_cli.rules.terms import among, full_years, known, not_ended, without

BUREAU, OVERSEER = "区人社局", "区农业农村局"
CLAUSE = "工作要点 三（四）2"
STATUS, POSTS = "employment.status", "employment.posts"
HOME = "household_id"
RANGER = "护林员"
# What tells who of the list has left: its blanks say that nobody did.
LEFT = (value(POSTS, "status"), header(POSTS, "to"))


def employed(rows: nw.LazyFrame) -> nw.LazyFrame:
    """Rows of the employed; one that does not say 否 counts: being in the list is being at work."""
    return rows.filter(nw.col("employed") | nw.col("employed").is_null())


def held_posts(book: Book) -> nw.LazyFrame:
    """公益岗位 that are not known to have ended by ``as_of``."""
    held = nw.col("active") | nw.col("active").is_null()
    return book.records(POSTS).filter(held & not_ended(book.as_of_day, "to"))


EMP_01 = rule_in_parts(
    "EMP-01", "零就业家庭",
    """户内有16至59周岁、普通或技能劳动力、不在校的成员，全户没有一人在就业信息中就业（记录未写是否就业的当作就业）。""",
    severity=SEVERE, subject="household", owner=f"{BUREAU}、{{town}}", basis=CLAUSE,
    reads=(value(REGISTER, HOME), value(REGISTER, "labour"), value(REGISTER, "school_status"), arrived(STATUS)),
    among=lambda book: book.households.join(_able(book).select(HOME).unique(), on=HOME, how="semi"),
    detail="{name}户有劳动年龄、有劳动能力且不在校的成员（{workers}），就业信息中全户没有一人就业，应落实就业帮扶。",
    register_value="有劳动能力成员：{workers}", source_value="就业信息：全户无就业记录",
)  # fmt: skip


@part(EMP_01, "没有就业记录")
def able_and_unlisted(book: Book) -> nw.LazyFrame:
    return without(_able(book), book.of_households(STATUS), HOME)


@part(EMP_01, "记录都写未就业", reads=(value(STATUS, "employed"),))
def able_and_idle(book: Book) -> nw.LazyFrame:
    listed = book.of_households(STATUS)
    return without(among(_able(book), listed, HOME), employed(listed), HOME)


def _able(book: Book) -> nw.LazyFrame:
    """Members who could work: of working age, able, not at school."""
    youngest, oldest = book.policy["labour_ages"]
    grown = (nw.col("age") >= youngest) & (nw.col("age") <= oldest)
    able = book.people.filter(grown & nw.col("labour").is_in(ABLE) & ~in_school() & known(HOME))
    return able.select(HOME, "rid", subject=HOME, workers="name")


EMP_02 = rule_in_parts(
    "EMP-02", "公益岗位对象不符",
    """在岗公益岗位人员不在台账和监测名单中（待人工确认的除外），或比对日期超过60周岁；状态读不懂的不查。""",
    severity=GENERAL, subject="record", owner=OVERSEER, basis=CLAUSE,
    reads=LEFT, excuses=(arrived(WATCHLIST),),
    cured_by_absence=(POSTS,),
    each="{fault}", detail="{name}在公益岗位（{post}），{each}，请核实。",
    register_value="{each}", source_value="公益岗位：{post}",
)  # fmt: skip


@part(EMP_02, "不在台账")
def stranger_in_post(book: Book) -> nw.LazyFrame:
    strangers = without(_in_post(book).filter(nw.col("pid").is_null()), book.links, on="rid")
    return strangers.select("post", subject="rid", fault=nw.lit("台账和监测名单中没有此人"))


@part(EMP_02, "超龄")
def too_old_for_a_post(book: Book) -> nw.LazyFrame:
    persons = book.persons.select("pid", their_birth="birth")
    aged = _in_post(book).join(persons, on="pid", how="left").with_columns(birth=nw.coalesce("birth", "their_birth"))
    oldest = book.policy["post_record_age"]
    old = aged.filter(full_years(nw.col("birth"), book.as_of_number) > oldest)
    return old.select("post", subject="rid", fault=nw.lit(f"年龄超过{oldest}周岁"))


def _in_post(book: Book) -> nw.LazyFrame:
    """Posts that the list says are held."""
    return held_posts(book).filter(nw.col("active"))


@rule(
    "EMP-03", "公益岗位数不足", severity=GENERAL, subject="unit", owner=OVERSEER, basis=CLAUSE,
    reads=(value(POSTS, "post"), *LEFT),
    detail="公益岗位名单中在岗的生态护林员{posts}人，少于计划{planned}人，请补足。",
    register_value="计划：{planned}人", source_value="公益岗位名单：在岗{posts}人",
)  # fmt: skip
def emp_03(book: Book) -> nw.LazyFrame:
    """在岗的生态护林员（岗位名称含“护林员”）加上岗位名称空白的，少于计划数（forest_rangers）。"""
    planned = book.policy["forest_rangers"]
    perhaps = held_posts(book).filter(nw.col("post").str.contains(RANGER) | nw.col("post").is_null())
    counted = perhaps.select(posts=nw.col("post").count(), most=nw.col("rid").count())
    return counted.filter(nw.col("most") < planned).with_columns(subject=nw.lit("全区"), planned=nw.lit(planned))


RULES = (EMP_01, EMP_02, emp_03)
