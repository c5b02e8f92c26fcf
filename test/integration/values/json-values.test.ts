import { jsonCases } from './json-cases.js';
import { describeValues } from './value-suite.js';

describeValues(jsonCases);
