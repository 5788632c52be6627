"""Words that say nothing of a topic, in Finnish, Swedish and English."""

from __future__ import annotations

_FINNISH = """
aina aivan alla asti edes ehkä ei eikä eivät eli emme en enemmän ennen enää erittäin et ette että he heidän heidät
heille heillä heitä hyvin hän häneen hänelle hänellä häneltä hänen hänessä hänet häntä ihan ilman itse ja jo joiden
joille joissa joita joka jokainen joku jonka jonkin jos jossa josta jota jotain jotka jotta juuri jälkeen kai kaiken
kaikille kaikki kaikkia kanssa kautta kerran kertaa kesken kesti kohti koko koska koskaan kuin kuinka kukaan kun kuten
kyllä liian lisäksi luona lähes me meidän meidät meille meillä meiltä meitä miksi mikä mikään millä minua minulla
minulle minulta minun minussa minusta minut minä missä mistä miten mitenkään mitä mitään mua mulla mulle mun mutta muu
muun muut muuta myös ne niiden niille niin niissä niistä niitä nimittäin noin nuo nyt näin näitä nämä ole olemme olen
olet olette oleva oli olimme olin olisi olisin olisivat olivat olla ollaan olleet ollut oltiin on ovat paitsi piti
pitkin pitää päin saa saada saan sai sain saivat se sekä sellainen sen siellä siihen siinä siis siitä sille silti
siltä sinne sinua sinulle sinun sinä sitten sitä taas tai te teidän teille teitä todella tosi tulee tuli tulla tuo
tähän tämä tämän tässä tästä tätä täällä vaan vai vaikka vain vasta vielä voi voin voisi voivat vähän yli ym
"""
_SWEDISH = """
aldrig alla allt alltid alltså att av bara blev bli blir bort de dem den denna deras dess dessa det detta dig din dina
ditt du där därför då efter eftersom ej eller en er era ert ett fast fick fin finns fram från få får fått för före
ganska genom ha hade han hans har hela helt henne hennes hit hon honom hos hur här i ifrån igen in inga ingen
ingenting inget innan inte jag ju kan kom kommer kunde kunna lite långt man med medan mellan men mer mera mest mig min
mina mitt mot mycket många måste ner ni nog nu när nästan någon något några och också om oss på redan runt sedan ser
sig sin sina sitt ska skulle som så sådan till tills trots under upp ut utan vad var vara varför varit varje vem vi
vid vilka vilken vilket vill väl än ännu är åt över
"""
_ENGLISH = """
a about after again all almost also always am an and any are as at away back be because been before being but by can
could did do does doing done down each even ever every for from get gets go got had has have having he her here hers
him his how i if in into is it its just like made make many me more most much my never no nor not now of off on once
one only or other our out over own per quite rather really said same she should since so some still such than that the
their them then there these they this those though through to too under until up us very was we well were what when
where which while who why will with without would yet you your
"""

STOP_WORDS = frozenset((_FINNISH + _SWEDISH + _ENGLISH).split())
"""Lower-case words of all three languages together: a comment's language need not be known."""
