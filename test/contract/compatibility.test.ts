import { compatibilitySuite } from './compatibility/suite.ts';

compatibilitySuite();
