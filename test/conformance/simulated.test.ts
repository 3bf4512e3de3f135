import { describeConformance } from './cases'
import { openSimulatedSubject } from './simulated-subject'

describeConformance('the engine of the simulation', 'simulated', openSimulatedSubject)
