"""How each bureau lays out its export (版式): file, title, columns under the headers it uses, odd habits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Habit = Literal["numbering", "subtotals", "by_town", "groups", "blank_rows", "merged_households", "household_once"]


@dataclass(frozen=True)
class Layout:
    """``columns``: field → header, ``row`` is the running number; a header may be ``group/leaf``."""

    kind: str
    file: str
    title: str
    columns: dict[str, str]
    reporter: str = ""
    dates: str = "iso"
    flags: tuple[object, object] = ("是", "否")
    amounts: str = "number"
    codes: dict[str, str] = field(default_factory=dict)
    habits: tuple[Habit, ...] = ()


WHO = {"name": "姓名", "id_number": "身份证号码"}
WHERE = {"town": "乡镇", "village": "村委会"}
MONEY = {
    "total": "医疗总费用", "basic_paid": "基本医保报销", "serious_paid": "大病保险报销", "supplementary_paid": "商业补充保险",
    "relief_paid": "医疗救助", "fund_paid": "专项资金", "self_paid": "个人自付",
}  # fmt: skip
PERSON = {
    "person_no": "人编号", "name": "姓名", "sex": "性别", "id_number": "证件号码", "relation": "与户主关系", "ethnicity": "民族",
    "education": "文化程度", "school_status": "在校生状况", "health": "健康状况", "labour": "劳动技能", "work_place": "务工区域",
    "work_months": "务工时间（月）", "monthly_wage": "务工月收入", "public_post": "公益性岗位", "post_months": "公益性岗位（月数）",
    "dropout_reason": "失学或辍学原因", "basic_insured": "是否参加城乡居民基本医疗保险", "employee_insured": "是否参加城镇职工基本医疗保险",
    "serious_insured": "是否参加大病保险", "pension_insured": "是否参加城乡居民基本养老保险", "phone": "联系电话",
}  # fmt: skip
HOUSEHOLD = {
    "town": "乡(镇)", "village": "行政村", "group": "自然村", "household_id": "户编号", "household_size": "家庭人口数",
    "poverty_type": "贫困户属性", "exit_status": "脱贫属性", "exit_year": "脱贫年度", "main_cause": "主要致贫原因",
    "net_income": "人均纯收入（元）", "unsafe_house": "是否危房户", "safe_water": "是否解决安全饮用水", "helper": "帮扶责任人",
}  # fmt: skip

HELP = {
    "help_industry": "产业帮扶", "help_work": "就业帮扶", "help_finance": "金融帮扶", "help_post": "公益岗位帮扶", "help_health": "健康帮扶",
    "help_education": "教育帮扶", "help_schooling": "义务教育保障", "help_house": "住房安全保障", "help_water": "饮水安全保障",
    "help_welfare": "综合保障", "help_society": "社会帮扶", "help_move": "搬迁",
}  # fmt: skip

LAYOUTS = (
    Layout(
        "register.persons", "扶贫办/建档立卡贫困人口信息.xlsx", "美兰区建档立卡贫困人口信息表",
        {"row": "序号", **{name: f"户信息/{header}" for name, header in HOUSEHOLD.items()},
         **{name: f"人员信息/{header}" for name, header in PERSON.items()}},
        reporter="美兰区扶贫办", codes={"健康": "8-健康"}, habits=("by_town", "groups", "numbering", "subtotals", "merged_households"),
    ),
    Layout(
        "register.watchlist", "扶贫办/边缘户和脱贫监测户名单.xlsx", "边缘户、脱贫监测户名单",
        {"row": "序号", **HOUSEHOLD, "watch_type": "监测对象类别", "risk": "返贫（致贫）风险", "risk_cleared": "风险是否已消除",
         "identified_on": "识别监测时间", "cleared_on": "风险消除时间", **HELP, **PERSON},
        reporter="美兰区扶贫办", habits=("household_once",),
    ),
    Layout(
        "register.households", "扶贫办/建档立卡户信息.xlsx", "美兰区建档立卡户信息表",
        {"row": "序号", "town": "乡(镇)", "village": "行政村", "household_id": "户编号", "head_name": "户主姓名", "head_id": "户主证件号码",
         "cropland": "耕地面积（亩）", "forest": "林地面积（亩）", "road_distance": "与村主干路距离", "electricity": "是否通生活用电",
         "operating_income": "家庭经营性纯收入"},
        reporter="美兰区扶贫办",
    ),
    Layout(
        "education.enrolment", "教育局/学籍在校生.xlsx", "美兰区在校学生学籍信息",
        {"row": "序号", "name": "学生姓名", "sex": "性别", "id_number": "身份证件号", "student_no": "全国学籍号", "school": "学校名称",
         "stage": "学段", "grade": "年级", "class_name": "班级", "status": "学生状态", "is_registered_poor": "是否建档立卡贫困家庭学生",
         "is_disabled": "是否残疾", "town": "户籍所在镇", "village": "村（社区）"},
        reporter="美兰区教育局", flags=("是", "否"), habits=("numbering",),
    ),
    Layout(
        "education.exemptions", "教育局/控辍保学台账.xlsx", "控辍保学工作台账",
        {"name": "学生姓名", "id_number": "身份证号", "category": "类别", "reason": "未入学原因", "school": "责任学校", **WHERE},
        reporter="美兰区教育局",
    ),
    Layout(
        "education.aid", "教育局/学生资助发放明细.csv", "",
        {"name": "受助学生姓名", "id_number": "身份证号", "stage": "学段", "term": "资助学期", "item": "资助项目", "amount": "发放金额", "paid_on": "发放日期"},
        dates="slash", amounts="separated",
    ),
    Layout(
        "education.vocational_aid", "教育局/雨露计划补助名单.xlsx", "雨露计划补助发放名单",
        {"row": "序号", **WHO, "term": "学期", "item": "补助项目", "amount": "补助金额（元）", "paid_on": "发放时间", "stage": "学段"},
        dates="chinese", habits=("subtotals",),
    ),
    Layout(
        "health.insurance", "医保局/2020年度参保名册.csv", "",
        {"name": "参保人姓名", "id_number": "社会保障号码", "year": "参保年度", "scheme": "险种类型", "status": "参保状态",
         "premium": "个人应缴金额", "subsidy": "财政补贴金额", "serious_insured": "大病保险", "poor_flag": "身份标识", "phone": "联系电话", **WHERE},
        flags=("有", "无"), codes={"城乡居民": "城乡居民基本医疗保险", "职工": "城镇职工基本医疗保险"},
    ),
    Layout(
        "health.inpatient", "医保局/住院结算明细.xlsx", "贫困人口住院费用结算明细表",
        {"row": "序号", "name": "患者姓名", "id_number": "患者身份证号", "hospital": "就诊医院", "admitted_on": "入院日期", "discharged_on": "出院日期",
         "total": "费用/总费用", "basic_paid": "费用/基本医保报销", "serious_paid": "费用/大病保险报销", "supplementary_paid": "费用/商业补充保险",
         "relief_paid": "费用/医疗救助", "fund_paid": "费用/专项资金", "self_paid": "费用/个人自付", "pay_after": "先诊疗后付费", "one_stop": "一站式"},
        reporter="美兰区医保局", dates="dot", flags=("√", "×"), habits=("groups", "subtotals"),
    ),
    Layout(
        "health.outpatient", "医保局/慢性病门诊结算.xlsx", "慢性病门诊费用结算表",
        {**WHO, "visited_on": "就诊日期", "disease": "病种", **{name: f"{header}（元）" for name, header in MONEY.items()}},
        dates="serial", amounts="unit",
    ),
    Layout(
        "health.chronic", "卫健委/慢性病患者台账.xlsx", "农村贫困人口慢性病患者台账",
        {"row": "编号", "name": "患者姓名", "id_number": "有效证件号码", **WHERE, "disease": "慢病病种", "diagnosed_on": "确诊时间", "cured": "是否治愈"},
        reporter="美兰区卫健委", dates="compact", codes={"高血压": "原发性高血压", "糖尿病": "2型糖尿病"}, habits=("numbering", "blank_rows"),
    ),
    Layout(
        "health.contracts", "卫健委/家庭医生签约名单.csv", "",
        {"name": "居民姓名", "id_number": "身份证号", "year": "签约年度", "team": "家庭医生团队", "doctor": "签约医生", "signed_on": "签约日期", "status": "签约状态"},
        dates="dot",
    ),
    Layout(
        "health.followups", "卫健委/慢病随访记录.xlsx", "慢病患者健康管理随访登记",
        {**WHO, "disease": "随访病种", "served_on": "随访日期"}, dates="slash",
    ),
    Layout(
        "health.serious", "卫健委/大病专项救治台账.xlsx", "农村贫困人口大病专项救治台账",
        {"row": "序号", **WHO, **WHERE, "disease": "大病病种", "treated": "是否已救治", "hospital": "定点医院"}, flags=("已救治", "未救治"),
    ),
    Layout(
        "health.facilities", "卫健委/卫生院卫生室标准化建设.xlsx", "乡镇卫生院、村卫生室标准化建设情况",
        {"row": "序号", "town": "所属乡镇", "village": "所在村", "facility": "机构名称", "level": "机构类别", "standard": "是否达标", "has_doctor": "有无合格医生"},
        flags=("达标", "不达标"),
    ),
    Layout(
        "housing.appraisals", "住建局/农村住房安全鉴定台账.xlsx", "农村四类重点对象住房安全鉴定台账",
        {"row": "序号", "town": "镇", "village": "村", "name": "户主姓名", "id_number": "户主身份证号", "target_type": "农户类型", "grade": "鉴定等级",
         "appraised_on": "鉴定时间", "agency": "鉴定单位", "housing_kind": "住房方式", "address": "家庭住址"},
        reporter="美兰区住建局", dates="chinese", codes={grade: f"{grade}级" for grade in "ABCD"}, habits=("by_town", "numbering", "subtotals"),
    ),
    Layout(
        "housing.renovations", "住建局/危房改造台账.xlsx", "农村危房改造台账",
        {"row": "序号", "name": "户主", "id_number": "身份证号", "town": "镇", "village": "村委会", "target_type": "对象类别", "grade": "危房等级",
         "method": "改造方式", "batch_year": "年度批次", "started_on": "开工时间", "finished_on": "竣工时间", "accepted_on": "验收时间",
         "subsidy": "补助标准（万元）", "subsidy_paid": "已拨付金额（万元）"},
        dates="dot", amounts="wan", habits=("subtotals",),
    ),
    Layout(
        "water.appraisals", "水务局/农村饮水安全评价.xlsx", "农村饮水安全评价结果",
        {"row": "序号", "town": "镇", "village": "行政村", "name": "户主", "id_number": "证件号码", "quality": "水质", "quantity": "水量（L/人·日）",
         "convenience": "用水方便程度（分钟）", "reliability": "供水保证率（%）", "conclusion": "评价结论", "appraised_on": "评价日期"},
    ),
    Layout(
        "water.works", "水务局/供水工程.xlsx", "农村供水工程运行管护情况",
        {"row": "序号", "town": "镇", "project": "工程名称", "villages": "覆盖行政村", "status": "运行状况", "manager": "管护责任人", "quality_tested_on": "水质检测日期"},
        reporter="美兰区水务局",
    ),
    Layout(
        "civil.dibao", "民政局/农村低保名册.xlsx", "农村最低生活保障对象名册",
        {"row": "序号", "town": "镇（街道）", "village": "村（居）委会", "name": "保障对象姓名", "id_number": "公民身份号码", "household_no": "低保证号",
         "is_head": "是否户主", "covered_count": "保障人数", "category": "保障类别", "amount": "月保障金", "since": "享受起始日期", "status": "享受状态",
         "verified": "是否经济状况核对"},
        reporter="美兰区民政局", dates="serial", habits=("by_town", "subtotals"),
    ),
    Layout(
        "civil.tekun", "民政局/特困供养人员.xlsx", "特困人员救助供养名单",
        {**WHO, **WHERE, "mode": "供养方式", "self_care": "生活自理能力", "amount": "月供养金", "since": "批准日期", "status": "状态"},
    ),
    Layout(
        "civil.relief", "民政局/临时救助.xlsx", "临时救助发放表",
        {"row": "序号", "name": "申请人", "id_number": "申请人身份证号", **WHERE, "reason": "困难原因", "amount": "救助金额", "granted_on": "救助日期"},
        amounts="separated", habits=("subtotals",),
    ),
    Layout("civil.deaths", "民政局/殡葬死亡人员.csv", "", {"name": "死者姓名", "id_number": "身份证号", "died_on": "死亡日期"}, dates="compact"),
    Layout(
        "disability.certificates", "残联/持证残疾人名册.xlsx", "持证残疾人基本信息",
        {"row": "序号", "name": "姓名", "certificate_no": "残疾人证号", "kind": "残疾类别", "grade": "残疾等级", "issued_on": "发证日期", "expires_on": "有效期至"},
        reporter="美兰区残联",
    ),
    Layout(
        "disability.allowances", "残联/两项补贴发放.xlsx", "残疾人两项补贴发放名单",
        {**WHO, **WHERE, "allowance": "补贴类型", "amount": "补贴金额", "month": "发放月份", "status": "发放状态"}, habits=("subtotals",),
    ),
    Layout(
        "employment.status", "人社局/贫困劳动力就业信息.xlsx", "贫困劳动力就业信息",
        {"row": "序号", **WHO, **WHERE, "employed": "是否就业", "employer": "就业单位", "place": "就业地点", "employed_on": "就业时间", "kind": "就业形式",
         "wage": "月收入"},
        reporter="美兰区人社局", dates="dot", codes={"自主创业": "个体经营"}, habits=("by_town",),
    ),
    Layout(
        "employment.posts", "人社局/公益岗位台账.xlsx", "公益性岗位人员台账",
        {"row": "序号", **WHO, **WHERE, "post": "岗位名称", "employer": "用人单位", "wage": "岗位补贴", "from": "聘用开始时间", "to": "聘用结束时间", "status": "在岗状态"},
        reporter="美兰区人社局", codes={"正常": "在岗"},
    ),
    Layout(
        "agriculture.awards", "农业农村局/产业发展奖励.xlsx", "农业产业发展奖励资金发放表",
        {"row": "序号", "name": "户主姓名", "id_number": "身份证号", **WHERE, "operating_income": "家庭经营性纯收入（元）", "award": "奖励金额（元）", "year": "年度"},
        reporter="美兰区农业农村局", habits=("numbering",),
    ),
    Layout(
        "finance.loans", "金融办/扶贫小额信贷台账.xlsx", "扶贫小额信贷台账",
        {"row": "序号", "name": "借款人", "id_number": "身份证号码", **WHERE, "principal": "贷款金额", "granted_on": "放款日期", "due_on": "到期日期",
         "repaid": "是否还清", "status": "贷款状态", "recourse_since": "追索起始日", "use": "贷款用途"},
        reporter="美兰区金融办", dates="chinese",
    ),
    Layout(
        "finance.projects", "财政局/扶贫项目资金支出.xlsx", "扶贫项目资金支出进度",
        {"row": "序号", "project_no": "项目编号", "project": "项目名称", "unit": "责任单位", "town": "镇", "village": "村", "budget": "安排资金",
         "paid": "累计支出", "started_on": "开工日期", "planned_finish": "计划完工时间", "finished_on": "完工日期", "accepted_on": "验收日期",
         "in_library": "是否入库", "published": "是否公示"},
        reporter="美兰区财政局", dates="slash",
    ),
    Layout(
        "village.books", "各镇/村级台账.xlsx", "行政村基本情况台账",
        {"row": "序号", "town": "镇", "village": "行政村", "poor_village": "是否贫困村", "exited": "是否出列", "households_total": "总户数", "persons_total": "总人口数",
         "registered_households": "建档立卡户数", "registered_persons": "建档立卡人口数", "dibao_households": "低保户数", "dibao_persons": "低保人口数",
         "tekun_persons": "特困供养人口数", "disabled_persons": "残疾人口数", "unsafe_water_households": "未实现饮水安全户数",
         "unsafe_house_households": "危房户数"},
        habits=("by_town",),
    ),
    Layout(
        "village.infrastructure", "各镇/自然村基础设施.xlsx", "自然村水电路网情况",
        {"row": "序号", "town": "镇", "village": "行政村", "natural_village": "自然村", "hard_road": "是否通硬化路", "kva_per_household": "户均配变容量（kVA）",
         "fibre": "是否通光纤", "mobile_4g": "4G网络覆盖"},
        flags=("√", "×"),
    ),
)  # fmt: skip
