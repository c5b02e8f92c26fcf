import { customCases } from './custom-cases.js';
import { describeValues } from './value-suite.js';

describeValues(customCases);
