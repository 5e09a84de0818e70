import type { Country } from './phone-numbers.ts';

/** Properties of a country in log rows, with prices in ten-thousandths of its currency. */
interface CountryFacts {
  readonly name: string;
  /** The currency of the prices for users here. */
  readonly currency: string;
  readonly perMinute: number;
  /** The connection charge of a call from abroad. */
  readonly connection: number;
  readonly perMessage: number;
  /** Whether a log hides the end of other people's numbers from an organization here. */
  readonly hidesNumbers: boolean;
  /** The data center of calls from here, as `mediaPathLocation` names them: `USWE`. */
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

/** Returns the country of user `number` of a tenant: mostly that of the tenant. */
export function homeOf(number: number): Country {
  return homes[number % homes.length]!;
}

export const tenantCountry: Country = 'US';

export function contextOf(from: Country, to: Country): 'Domestic' | 'International' {
  return from === to ? 'Domestic' : 'International';
}
