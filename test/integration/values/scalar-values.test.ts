import { numberCases } from './number-cases.js';
import { scalarCases } from './scalar-cases.js';
import { describeValues } from './value-suite.js';

describeValues([...numberCases, ...scalarCases]);
