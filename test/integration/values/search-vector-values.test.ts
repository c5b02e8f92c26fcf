import { searchVectorCases } from './search-vector-cases.js';
import { describeValues } from './value-suite.js';

describeValues(searchVectorCases);
