"""Titles 题名 as offices write them, put together from parts by a seeded chance."""

from __future__ import annotations

import random

_MATTERS = (
    *("城市房屋征收补偿", "建筑工程施工许可", "物业专项维修资金", "保障性住房配租", "老旧小区改造", "城镇排水设施养护"),
    *("建设工程消防验收", "房地产市场秩序整治", "历史建筑保护", "装配式建筑推广", "工程质量安全监督", "海绵城市建设"),
    *("建设档案接收", "地下管线普查", "供水价格调整", "公共租赁住房租金", "农民工工资保证金", "既有建筑加装电梯"),
    *("档案安全检查", "机关干部年度考核", "办公用房清理", "政府信息公开", "防汛应急抢险", "重点项目用地"),
)
_FROM_BELOW = (
    *("关于{matter}工作的请示", "关于报送{matter}情况的报告", "关于商请支持{matter}工作的函"),
    *("关于印发《{matter}管理办法》的通知", "关于成立{matter}领导小组的通知", "关于转发省厅{matter}实施细则的通知"),
)
_FROM_ABOVE = (
    *("关于{matter}有关问题的批复", "关于做好{year}年{matter}工作的意见", "关于{matter}专项检查结果的通报"),
    "关于开展{matter}督查的通知",
)
_PLAIN_KINDS = (
    *("局长办公会议纪要（{year}年第{no}次）", "{year}年{matter}工作总结", "{matter}专题会议记录", "{matter}工作台账"),
    *("[{matter}现场会照片说明]", "{year}年度{matter}统计表"),
)
_SENDERS = ("临江市住房和城乡建设局", "临江市住房和城乡建设局办公室", "临江市人民政府", "省住房和城乡建设厅")
_SIGNS = {"临江市人民政府": "临政发", "省住房和城乡建设厅": "建办"}

_ACCOUNTS = ("一般公共预算拨款凭证", "银行付款凭证", "工资发放凭证", "专项资金往来凭证", "转账凭证")
_BERTHS = ("一号泊位", "二号泊位", "三号泊位", "集装箱堆场", "散粮筒仓", "港区变电所", "铁路专用线", "引桥", "候工楼")
_DRAWINGS = (
    *("总平面布置图", "码头结构断面图", "桩位布置及配筋图", "给排水管网图", "供电系统单线图", "轨道梁施工图"),
    *("防波堤断面图", "竣工验收证书", "地质勘察报告"),
)
_OLD = (
    *(
        "关于{year}年基本建设计划的报告",
        "关于城市自来水扩建工程的批复",
        "关于调整公房租金的请示",
        "关于知青住房问题的函",
    ),
    *("城市规划汇报提纲", "关于国庆期间施工安全的通知", "关于机关房产清查登记的通知", "先进集体和先进个人名单"),
    *("关于人民路拓宽拆迁的决定", "建设委员会党组会议记录"),
)
_HONG_KONG = (
    *("第{no}次董事會會議紀錄", "關於{ship}輪租船合約之批覆", "{year}年度核數師報告", "{ship}輪保險單及續保文件"),
    *("僱員強積金供款紀錄", "灣仔寫字樓租約", "與貨櫃碼頭往來函件", "{ship}輪船級檢驗證書", "{year}年股東周年大會通告"),
)
_SHIPS = ("臨江之星", "江海", "廣運", "東華", "順風")


def paper(chance: random.Random, year: int) -> tuple[str, str, str]:
    """Title, document number 文号 (or "") and responsible body 责任者."""
    matter, no = chance.choice(_MATTERS), chance.randint(1, 160)
    if chance.random() < 0.25:
        title = chance.choice(_PLAIN_KINDS).format(matter=matter, year=year, no=no % 40 + 1)
        return title, "", "临江市住房和城乡建设局"
    sender = chance.choice(_SENDERS)
    kinds = _FROM_ABOVE if sender in _SIGNS else _FROM_BELOW
    title = f"{sender}{chance.choice(kinds).format(matter=matter, year=year)}"
    return title, f"{_SIGNS.get(sender, '临建')}〔{year}〕{no}号", sender


def account_title(chance: random.Random, year: int, month: int, no: int) -> str:
    first = (no - 1) * 60 + 1
    return f"{year}年{month}月{chance.choice(_ACCOUNTS)}（第{first}—{first + chance.randint(30, 59)}号）"


def drawing_title(chance: random.Random, project: int, no: int) -> str:
    """``no`` 0: the title of the whole volume."""
    berth = _BERTHS[project % len(_BERTHS)]
    if no == 0:
        return f"临江港{berth}工程图纸"
    return f"临江港{berth}工程{chance.choice(_DRAWINGS)}（{no}）"


def old_title(chance: random.Random, year: int) -> str:
    return chance.choice(_OLD).format(year=year)


def hong_kong_title(chance: random.Random, year: int) -> str:
    return chance.choice(_HONG_KONG).format(year=year, no=chance.randint(1, 60), ship=chance.choice(_SHIPS))
