import { scalarCases } from './scalar-cases.js';
import { describeValues } from './value-suite.js';

describeValues(scalarCases);
