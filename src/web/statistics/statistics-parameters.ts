/** The query parameters of the statistics. */
import { isOneOf, type ViewParameters } from '../parameters.ts';

export const statisticsParameters: ViewParameters = { days: isOneOf(['30', '90', '365', 'all']) };
