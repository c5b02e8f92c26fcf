import { searchVectorCases } from './scalar-cases.js';
import { describeValues } from './value-suite.js';

describeValues(searchVectorCases);
