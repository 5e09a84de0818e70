interface NamePart {
  readonly text: string;
  readonly latin: string;
}

interface Culture {
  readonly given: readonly NamePart[];
  readonly family: readonly NamePart[];
  /** Joins the two parts to a display name. */
  readonly display: (given: string, family: string) => string;
}

const givenFirst = (given: string, family: string) => `${given} ${family}`;
const familyFirst = (given: string, family: string) => `${family}${given}`;

/** Reads parts written as `text`, or as `text=latin` where dropping the accents does not give the account name. */
function parts(text: string): NamePart[] {
  return text.split(' ').map((part) => {
    const [name, latin] = part.split('=');
    return { text: name!, latin: latin ?? withoutAccents(name!) };
  });
}

function withoutAccents(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[^a-z-]/gi, '')
    .toLowerCase();
}

const cultures: readonly Culture[] = [
  {
    given: parts(
      'Ada Ben Carla Dario Edith Felix Greta Hugo Iris Jonas Kira Liam Mara Nils Olga Paul Rosa Simon Tessa Victor',
    ),
    family: parts(
      "Archer Becker Castell Dalton Ekberg Fisher Gruber Hansen Ivers Jansen Keller Larsen Mercer Novak O'Brien " +
        'Palmer Quist Rossi Schmitt Thorne Ulmer Vance Weber Yates',
    ),
    display: givenFirst,
  },
  {
    given: parts(
      'Zoë José Renée Jürgen Åsa=asa Søren=soren Łukasz=lukasz Márta Nuño Çağla=cagla Đorđe=dorde',
    ),
    family: parts(
      'García Müller Lefèvre Ångström Ødegård=odegard Wójcik=wojcik Nagy-Szabó Peña Yıldız=yildiz Šimić Weiß=weiss',
    ),
    display: givenFirst,
  },
  {
    given: parts('伟=wei 芳=fang 秀英=xiuying 敏=min 建国=jianguo'),
    family: parts('王=wang 李=li 张=zhang 刘=liu 陈=chen'),
    display: familyFirst,
  },
  {
    given: parts('さくら=sakura 大輔=daisuke 陽子=yoko 健太=kenta'),
    family: parts('佐藤=sato 鈴木=suzuki 高橋=takahashi 丸山=maruyama'),
    display: familyFirst,
  },
  {
    given: parts('민준=minjun 서연=seoyeon 지후=jihu'),
    family: parts('김=kim 박=park 최=choi'),
    display: familyFirst,
  },
  {
    given: parts('ليلى=layla يوسف=yusuf مريم=maryam خالد=khalid'),
    family: parts('حداد=haddad منصور=mansour النجار=alnajjar'),
    display: givenFirst,
  },
  {
    given: parts('Анна=anna Дмитрий=dmitri Ольга=olha Іван=ivan'),
    family: parts('Коваль=koval Орлова=orlova Шевчук=shevchuk'),
    display: givenFirst,
  },
  {
    given: parts('अनन्या=ananya राहुल=rahul मीरा=meera अर्जुन=arjun'),
    family: parts('शर्मा=sharma पटेल=patel वर्मा=varma'),
    display: givenFirst,
  },
  {
    given: parts('Ελένη=eleni Νίκος=nikos Μαρία=maria'),
    family: parts('Παππάς=pappas Γεωργίου=georgiou'),
    display: givenFirst,
  },
  {
    given: parts('נועה=noa איתן=eitan תמר=tamar'),
    family: parts('לוי=levi פרידמן=friedman'),
    display: givenFirst,
  },
];

const ranges = cultures.map((culture) => culture.given.length * culture.family.length);
const emoji = ['🎧', '👩🏽‍💻', '🌱', '🏳️‍🌈'] as const;

/** The number of distinct names; account names beyond it have a number. */
export const distinctNames = ranges.reduce((sum, range) => sum + range, 0);

interface Name {
  readonly displayName: string;
  /** The local part of a user principal name; no two numbers share one. */
  readonly account: string;
}

/** Returns the name of person `number`; names below `distinctNames` are distinct, and near numbers have unlike names. */
export function nameOf(number: number): Name {
  const stride = 577; // A prime that does not divide distinctNames: every name is reached once a round.
  const round = Math.floor(number / distinctNames);
  let position = (number * stride) % distinctNames;
  let index = 0;
  while (position >= ranges[index]!) position -= ranges[index++]!;
  const { given, family, display } = cultures[index]!;
  const first = given[position % given.length]!;
  const last = family[Math.floor(position / given.length)]!;
  const flourish = number % 71 === 8 ? ` ${emoji[number % emoji.length]!}` : '';
  return {
    displayName: `${display(first.text, last.text)}${flourish}`,
    account: `${first.latin}.${last.latin}${round === 0 ? '' : round + 1}`,
  };
}
