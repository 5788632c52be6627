"""What stands beside a person's name: titles, relatives, thanks, signatures; and what shows that it is none."""

from __future__ import annotations

import re

_ENDS = frozenset('.!?…:;\n\r"”»([•*/')
_SKIPPED = frozenset(' \t\u00a0"”»(')
_BULLETS = frozenset("-–—")

_TITLES_BEGIN = """
    hoitaj sairaanhoit lähihoit kodinhoit terveydenhoit suuhygien hammashoit omahoit perushoit lääkär omalääk
    hammaslääk ylilääk tohtor dosent professor rouva herra neiti neidi fysioterap toimintaterap puheterap psykoterap
    terapeut fyssar psykolog psykiatr kirurg työntekij sosiaalityön sosiaaliohj ohjaaj kuljettaj taksikusk
    vastaanottovirk virkailij tarkastaj palotarkast palomie palomes ensihoitaj kätilö esihenkilö esimie esimies
    osastonhoit johtaj päällikö avustaj kouluttaj opettaj naapuri vaimo miehen miehel poikan poikam pojan pojal
    tyttären tytär poika äitin isän isämme äitimme lapsen siskon siskol veljen mummon pappan vaari ukki täti tädin
    enon setän serkku anoppi appen puoliso avopuoliso kummi ystävä kaveri potilas asukas asukka omainen omaise
    hammashuolt laborant röntgenhoit farmaseut apteekkar kanttori pastori nimelt nimise nimin koordinaattor palveluohj
    palveluneuv neuvoj konsult kollega opiskelij harjoittelij siivooj laitoshuolt sköters sjuksköt läkare doktor
    överläk fröken tandläk barnmorsk fysioter socialarb brandinsp kurator handläg närvård hälsovård vårdare grannen
    hustru dotter systern brodern psykologen terapeuten chauffören chefen avdelningsskö sonen doctor nurse physiother
    inspector midwife therapist carer neighbour husband daughter sotare nuohooj talonmie isännöitsij surgeon dentist
    receptionist paramedic colleague tyttäre äidin äidil isäl lapsem sisar veljel mummol
"""
_TITLES_ABBREVIATED = """
    dos dr hra lh lääk mr mrs ms nti prof rva sh st th tk tri
"""
_TITLES_WHOLE = """
    aunt bror brother dad eno far farfar farmor father friend fru gp granne herr isä isäni mamma man mieheni miss mom
    mor morfar mormor mother mum mummo mummu named namn pappa poikani setä sisko sister son syster uncle vaimoni veli
    vän vännen wife äiti äitini
"""
_PERSONS_BEGIN = """
    hoitaj lääkär tohtor täti tädi setä sedä mummo pappa papa nimi tyttö poika rouva herra äiti isä vaari ukki ohjaaj
    terapeut opettaj sisko veli skötersk
"""
_TITLES = tuple(_TITLES_BEGIN.split())
_TITLES_SHORT = frozenset(_TITLES_ABBREVIATED.split())
_TITLES_EXACT = _TITLES_SHORT | frozenset(_TITLES_WHOLE.split())
_PERSON_AFTER_HYPHEN = tuple(_PERSONS_BEGIN.split())
_TITLES_WITHIN = re.compile(
    r"(?:hoitaj|lääkär|ohjaaj|virkailij|kuljettaj|terapeut|tarkastaj|vårdare|skötare|läkare|sköterska|handledare)\w*$",
    re.IGNORECASE,
)
_UNITS = re.compile(
    r"^(?:osasto|ryhmäkoti|ryhmäkodi|palvelukoti|palvelukodi|palvelutalo|hoivakoti|hoivakodi|hoitokoti|hoitokodi|kahvila"
    r"|ravintola|villa|yksikkö|yksikö|päiväkoti|päiväkodi|asumisyksikkö|asumisyksikö|kortteli|kerho|laiva|juna|hotelli"
    r"|hammashoitola|terveysasema|terveyskeskus|päiväkeskus|neuvola|sovellu|järjestelmä|ohjelma|robotti|myrsky|koira|kissa)"
    r"(?:lla|llä|lle|lta|ltä|ssa|ssä|sta|stä|on|in|s|kse\w+)?$"
    r"|^(?:avdelning(?:en)?|boende(?:t)?|kafé|café|ward|unit|enheten?|hem(?:met)?|restaurang(?:en)?|programmet|systemet)$",
    re.IGNORECASE,
)
_ORGANISATIONS_AFTER = re.compile(
    r"^[\s-]+(?:(?:keskus|yliopisto|yliopistollis|kaupungin|alue)?sairaal|terveys(?:asem|kesk|talo)|apteek|palvelu(?:ko|tal)"
    r"|hoiva(?:ko|pal)|hyvinvointi|kaupun|kunna|kuntay|seuraku|kirk|säätiö|sää?tiö|tautiaineisto|klinik|poliklin|hoitoko|neuvola|kirjasto|vanhainko|kuntoutuskes|kotihoi|toimipai|toimipis|hammashoi|senior|palolait|paloasema"
    r"|päivystyk|sosiaali|vastaanot|liikenne|tori(?:\b|l)|puisto|asema(?:\b|l)|kartano|messu|päivä(?:\b|n\b|ä\b|nä\b|st|ks)"
    r"|aatto|sjukhus|hälso|kommun|stad(?:en|s)?\b|hospital|clinic|ward\b|health"
    r"|tau(?:ti|di)|oireyhty|syndr|disease|sjukdom|testi|palkin|näytte|asteik|luokit)",
    re.IGNORECASE,
)
_TELLING_WORDS = """
    on oli nimeltäni nimeltään nimeltä olen jag heter hette heten är is was called namn name nimi allekirjoittanut
    undertecknad am i'm this täällä tässä här t terv terveisin terveisiä terkuin kunnioittaen ystävällisesti kiittäen
    mvh hälsningar hälsar hälsning vänligen regards sincerely yours cheers kiitos kiitokset kiitosta kiitoksia kiitän
    kiitämme terveiset terkut tack till tackar thanks thank to hei moi hej dear hi hello hyvä rakas kehut ruusuja
    ruusut halaus myös vielä erityisesti etenkin sinulle kovasti paljon ihanalle särskilt också especially you name's
"""
_TELLING = frozenset(_TELLING_WORDS.split())
_MARKS = frozenset(":-–—/\n")
IN_ENGLISH = re.compile(r"^\s(?:ward|clinic|hospital|wing|sjukhus|avdelning)\b")
"""After a name in any form: "the Lily ward"."""
INTRODUCED = re.compile(
    r"(?:\b(?:nimeni\s(?:on|oli)|nimi\s?(?:on|oli|:)|olen\snimeltäni|nimeltään|nimensä\s(?:on|oli)|minä\solen|jag\sheter|hette"
    r"|mitt\snamn\sär|heter|heten|namn\s?(?:är|:)|my\sname(?:\sis|['’]s)|name\s?(?:is|was|:)|called|nimeltä|vid\snamn"
    r"|allekirjoittanut|undertecknad)\s*)$",
    re.IGNORECASE,
)
"""After these even a word that no list knows is a name."""
I_AM = re.compile(r"(?:\b(?:olen|jag\sär|i\sam|i['’]m|this\sis|täällä|tässä|här\sär)\s+)$", re.IGNORECASE)
"""After these a listed name is one, whatever else it may mean; other words are not."""
SIGNED = re.compile(
    r"(?:(?:^|[\s.,!?])(?:t|terv|terveisin|terveisiä|terkuin|yst\.?\s?terv|ystävällisin\sterveisin|kunnioittaen|ystävällisesti"
    r"|kiittäen|mvh|hälsningar|hälsar|hälsning|vänligen|med\svänlig(?:a)?\shälsning(?:ar)?|(?:best|kind)?\s?regards|sincerely"
    r"|yours|cheers)\s?[.,:]?\s+|[\n]\s*[-–]\s*|\S\s[-–—]\s?|[.!?]\s*/\s?)$",
    re.IGNORECASE,
)
THANKED = re.compile(
    r"(?:\b(?:kiitos|kiitokset|kiitosta|kiitoksia|kiitän|kiitämme|terveisiä|terveiset|terkut|tack(?:\still)?|stort\stack\still"
    r"|tackar|thanks(?:\sto)?|thank|thank\syou,?|grateful\sto|hei|moi|hej|dear|hi|hello|hyvä|rakas|kehut|ruusuja|ruusut|halaus)"
    r"(?:\s(?:myös|vielä|erityisesti|etenkin|sinulle|kovasti|paljon|ihanalle|särskilt|också|especially|you,?|to|till))?\s+)$",
    re.IGNORECASE,
)
PERSON_VERB = re.compile(
    r"^,?\s(?:(?:on|oli|oli\stodella|oli\stosi)\s(?:ihana|ystävälli|mukava|paras|töykeä|ammattitait|asiallinen|tyly|ihanin)"
    r"|hoiti|auttoi|soitti|kertoi|neuvoi|palveli|kuunteli|sanoi|puhui|lupasi|vastasi|jaksoi|huusi"
    r"|selitti|ymmärsi|huomasi|hymyili|lohdutti|ohjasi|haukkui|töksäytti"
    r"|hjälpte|ringde|lyssnade|sade|sa|svarade|förklarade|bemötte|helped|called|listened|said|told|explained|answered"
    r"|kiitos|kiitokset|från|from)\b",
    re.IGNORECASE,
)
HELPED = re.compile(
    r"^\s(?:hoiti|auttoi|kuunteli|neuvoi|hymyili|lohdutti|hjälpte|lyssnade|tröstade|helped|listened|comforted"
    r"|(?:from\s(?:the\s)?(?:reception|ward|clinic|desk)|vastaanotosta|kotihoidosta|från\s(?:mottagningen|hemvården)))\b",
    re.IGNORECASE,
)
"""What only people do: an unknown capitalised word inside a sentence is a name before it."""
PARTICLES = frozenset({"de", "del", "della", "da", "dos", "van", "von", "der", "af", "al", "el", "bin", "binti", "la"})
_SURNAME_END = re.compile(
    r"^[A-ZÅÄÖ][a-zåäöé]{2,}(?:"
    r"(?:nen|sen|selle|sella|sellä|selta|seltä)"
    r"|(?:sson|qvist|kvist|gren|ström|lund|stedt|dahl|holm|berg|löf|bäck|blom|fors|vall)(?:s|in|ille|ilta|illa|ia)?"
    r"|(?:[jkltvrn]ov|[jkltvrn]ev|[jkltvrn]ova|[jkltvrn]eva|enko|vić|oğlu|skaja|skij)(?:in|ille|ilta|a|lle|lta|n)?)$"
)
_NOT_A_SURNAME = re.compile(
    r"^(?:Punai|Sini|Vihreä|Keltai|Valkoi|Pohjoi|Etelä|Itä|Länti|Keski|Kansalli|Yhtei|Suomalai|Ruotsalai|Venälä|Alku|Viimei"
    r"|Ensimmäi|Toi|Jokai|Ihmi|Kaiken|Yksityi|Julki|Sisäi|Ulkoi|Paikalli|Lapse|Nai|Mie|Eräänlai|Miksen|Olen|Tulen|Menen"
    r"|Kutsu|Asuk|Potilaa|Jatku|Kysymyk|Vastauk|Päätök|Tarkastuk|Seuraavak|Ilmoituk|Opetuk|Koulutuk|Keskuk|Asemak|Lasara"
    r"|Mehiläi|Omai|Asiakk|Vakuutu|Hengity|Tutkimu|Leikkau|Hoito|Kuntoutu|Palautu|Puhelinpalv|Terveyde|Stock|Born|Göte"
    r"|Gute|Nürn|Heidel|Spiel|Ham|Mobiil|Digitaali|Henkilökoht|Sosiaali|Iäkkä|Vanhu|Nuoru|Kaikki|Sellai|Tällai|Millai|Entis"
    r"|Uudelle|Erityi|Tavalli|Ikäv|Hyväk|Todelli|Täydelli|Ystävälli|Rauhalli|Kohtalai|Renov|Innov)"
    r"|(?:lai|läi)(?:nen|sen|selle|sella|sellä|selta|seltä)$"
)
_SHOUTED_SURNAME = re.compile(
    r"(?:NEN|SEN|SELLE|KOSKI|KOSKEN|MÄKI|MÄEN|NIEMI|NIEMEN|LAHTI|LAHDEN|RANTA|VIRTA|MAA|SALO|JÄRVI|KANGAS|TALO|AHO|OJA|PELTO|LUND|STRÖM"
    r"|BERG|QVIST|GREN|SSON|HOLM|OVA?|LA|LÄ)$"
)
_NOT_A_NAME = re.compile(
    r"^(?:kela|kanta|omakanta|omaolo|suom|turku|turu|helsin|tampere|espoo|vanta|oulu|hus|tyks|tays|kys|oys|covid|korona|osasto"
    r"|poliklini|terveys|hyvinvointi|sairaa|päivysty|hammas|neuvola|kotihoi|palvelu|kirurgi|sisätau|facebook|whatsapp|teams"
    r"|google|finland|sverige|sweden|english|finnish|swedish|russian|estonian|somali|arabic|the$|i$|i['’]|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:maanantai|tiistai|keskiviik|torstai"
    r"|perjantai|lauantai|sunnuntai)|(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuu|kaik|henkilö"
    r"|teid|teil|teit|teihi|sinu|sinä|sinul|minu|minä|hän|heil|tiim|väki|poruk|ambulan|ensihoi|lääkär|hoita|hoito|sote|pirha|varha"
    r"|tyyty|petty|väsyn|huolest|omai|asiak|potila|äiti|isä$|isän|vanhem|kiitol|vihai|harmist|entin|erä|nimim|nimet|anon|iäkä|asuk|lapse"
    r"|mummo|mummi|pappa|ukki|vaari|isoäi|perhe|nainen$|mies$|eläke|kokeilija|veronmaks|kuntalai|kansalai|edelleen|lähei|huolis"
    r"|kolme|kahde|neljä|yhde|viide|mone|useam|pitkäai|työikä|nuori$|vanha$|uusi$|nöjd|besvik|orolig|anhörig|mamma|mor$|far$|en$|ett$|patient|kund|pensionär|tacksam|förälder|vän|alla$|er$|ni$|du$|dig$"
    r"|a$|an$|disapp|worr|concern|happy|unhappy|satisf|dissat|grate|anonym|relat|parent|mother|father|everyone|all$|you$|your"
    r"|mehiläi|risti|pihlajalin|attend|esper|coron|aava$|diacor|luona|onnik|debor|stella|vamm|yle|posti|alko|prisma|matkahuol|vr$|veri"
    r"|finnair|duodec|microsoft|apple|zoom|windows|office|excel|iphone|android|samsung|netflix|youtube|instag|twitter"
    r"|jumal|jeesu|luoja$|herra$|kristus|joulu|pääsiäi|juhannu|vappu|god$|jesus|christ|gud$)",
    re.IGNORECASE,
)
_NO_NAMES_END = ("ssa", "ssä", "sta", "stä", "lla", "llä", "nut", "nyt", "neet", "maton", "mätön")
SWEDISH = re.compile(r"\b(?:och|att|inte|jag|som|är|på|den|det|till|ha|har|var|vi|min|ett|en)\b")
"""Whether a text is in Swedish, as far as it decides whether "Ville" is a name or a verb."""
SWEDISH_WORDS = frozenset({"ville", "vilja", "linda", "mats", "lena", "lisa", "tage", "stig", "vera", "titta", "unna"})
_SMALL_OR_LONG = re.compile(r"^(?:[A-ZÅÄÖ]{2,}|.{25,})$")


def opens_sentence(text: str, start: int) -> bool:
    """Whether a word that begins at `start` is the first of a sentence, a line, a bracket or a bullet.

    >>> opens_sentence("Kiitos. Onni oli", 8), opens_sentence("Kiitos Onni", 7)
    (True, False)
    """
    at = start - 1
    while at >= 0 and text[at] in _SKIPPED:
        if text[at] in _ENDS or start - at > 40:
            return True
        at -= 1
    if at < 0 or text[at] in _ENDS:
        return True
    return text[at] in _BULLETS and (not at or text[at - 1].isspace())


def may_tell(previous: str, gap: str) -> bool:
    """Whether what stands before a word can be an introduction, a thank-you or a signature: cheap to ask first."""
    return previous.casefold().replace("’", "'") in _TELLING or not _MARKS.isdisjoint(gap)


def is_title(word: str) -> bool:
    """Whether a person's name may follow: "hoitaja", "lääkärille", "vaimoni", "Dr".

    >>> is_title("Sairaanhoitaja"), is_title("osasto")
    (True, False)
    """
    folded = word.casefold()
    return folded in _TITLES_EXACT or folded.startswith(_TITLES) or bool(_TITLES_WITHIN.search(folded))


def is_short_title(word: str) -> bool:
    """Whether a full stop after the word is an abbreviation's, not a sentence's: "Dr. Halla".

    >>> is_short_title("Dr"), is_short_title("isä")
    (True, False)
    """
    return word.casefold() in _TITLES_SHORT


def is_person_after_hyphen(word: str) -> bool:
    """Whether what follows a name's hyphen speaks of a person: "Maija-hoitaja", not "Helmi-osasto"."""
    return word.casefold().startswith(_PERSON_AFTER_HYPHEN)


def is_unit(word: str) -> bool:
    """Whether the word before says that a name is a ward's, a home's or a programme's ("osasto Vanamo")."""
    return bool(_UNITS.match(word))


def is_organisations(rest: str) -> bool:
    """Whether what follows a genitive makes it a hospital's, an illness's or a town's ("Marian sairaala")."""
    return bool(_ORGANISATIONS_AFTER.match(rest))


def is_surname_by_ending(word: str) -> bool:
    """Whether a capitalised word that no list knows ends as surnames do.

    >>> is_surname_by_ending("Kotkaniskanen"), is_surname_by_ending("Mehiläinen")
    (True, False)
    """
    return bool(_SURNAME_END.match(word)) and not _NOT_A_SURNAME.search(word)


def is_shouted_surname(word: str) -> bool:
    """Whether a word in capitals after a title in capitals ends as surnames do: "LÄÄKÄRI LEHMUSKOSKI".

    >>> is_shouted_surname("LEHMUSKOSKI"), is_shouted_surname("SANOI")
    (True, False)
    """
    return len(word) > 4 and bool(_SHOUTED_SURNAME.search(word)) and not _NOT_A_NAME.match(word)


def cannot_be_a_name(word: str) -> bool:
    """Whether an unknown capitalised word is an organisation, a place by its case, or a word of a closing line."""
    return word.endswith(_NO_NAMES_END) or bool(_NOT_A_NAME.match(word)) or bool(_SMALL_OR_LONG.match(word))
