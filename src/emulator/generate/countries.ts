import type { Country } from './phone-numbers.ts';

/**
 * What a log row says of a country, and what it costs to reach it: ten-thousandths of whatever currency the user is
 * charged in.
 */
interface CountryFacts {
  readonly name: string;
  /** What users here are charged in. */
  readonly currency: string;
  readonly perMinute: number;
  /** What is charged for being connected, when the call comes from abroad. */
  readonly connection: number;
  readonly perMessage: number;
  /** Whether a log hides the end of other people's numbers from an organization here. */
  readonly hidesNumbers: boolean;
  /** The data center that a call from here goes through, as `mediaPathLocation` names them: `USWE`. */
  readonly dataCenter: string;
}

/** Facts in the order of the members above. */
function facts(
  name: string,
  currency: string,
  [perMinute, connection, perMessage]: readonly [number, number, number],
  hidesNumbers: boolean,
  dataCenter: string,
): CountryFacts {
  return { name, currency, perMinute, connection, perMessage, hidesNumbers, dataCenter };
}

export const countries: Readonly<Record<Country, CountryFacts>> = {
  US: facts('United States', 'USD', [140, 0, 75], false, 'USWE'),
  CA: facts('Canada', 'CAD', [150, 0, 80], false, 'USEA'),
  GB: facts('United Kingdom', 'GBP', [165, 200, 400], true, 'EUNO'),
  AU: facts('Australia', 'AUD', [320, 500, 510], false, 'APSE'),
  FR: facts('France', 'EUR', [198, 350, 650], true, 'EUWE'),
};

const homes: readonly Country[] = ['US', 'US', 'GB', 'US', 'FR', 'US', 'US', 'CA', 'US', 'AU'];

/** Where user `number` of a tenant lives. Most are where the tenant is. */
export function homeOf(number: number): Country {
  return homes[number % homes.length]!;
}

/** Where the tenant is. */
export const tenantCountry: Country = 'US';

export function contextOf(from: Country, to: Country): 'Domestic' | 'International' {
  return from === to ? 'Domestic' : 'International';
}
