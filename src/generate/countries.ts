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

export const countries: Readonly<Record<Country, CountryFacts>> = {
  US: {
    name: 'United States',
    currency: 'USD',
    perMinute: 140,
    connection: 0,
    perMessage: 75,
    hidesNumbers: false,
    dataCenter: 'USWE',
  },
  CA: {
    name: 'Canada',
    currency: 'CAD',
    perMinute: 150,
    connection: 0,
    perMessage: 80,
    hidesNumbers: false,
    dataCenter: 'USEA',
  },
  GB: {
    name: 'United Kingdom',
    currency: 'GBP',
    perMinute: 165,
    connection: 200,
    perMessage: 400,
    hidesNumbers: true,
    dataCenter: 'EUNO',
  },
  AU: {
    name: 'Australia',
    currency: 'AUD',
    perMinute: 320,
    connection: 500,
    perMessage: 510,
    hidesNumbers: false,
    dataCenter: 'APSE',
  },
  FR: {
    name: 'France',
    currency: 'EUR',
    perMinute: 198,
    connection: 350,
    perMessage: 650,
    hidesNumbers: true,
    dataCenter: 'EUWE',
  },
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
