// Package lp writes the choice of a target as a mixed-integer linear program, in the LP format that CPLEX
// introduced, and reads the solutions of solvers.
//
// Solve the file with one of
//
//	glpsol --lp target.lp -o answer.sol
//	cbc target.lp solve solution answer.sol
//	highs --solution_file answer.sol target.lp
//	scip -c "read target.lp optimize write solution answer.sol quit"
//
// and pass the answer to `rearrange import-target lp`, which judges it.
//
// # The program
//
// VMs and hosts are counted from 0, in the order of the instance:
//
//	x3_7     1 if VM 3 stands on host 7; there is one for each pair that rules about single VMs allow
//	y7       1 if host 7 is in use, where hosts in use count
//	peak     the highest load, in millionths of the limit, where that counts
//	z2_5     between 0 and 1: whether a VM of relation 2 stands in its place 5
//
// The rows v3 give each VM one host. A row c1_7 keeps counter 1, a resource or the number of VMs of a group, within
// the limit of place 7; u7 says that a host in use is in use; l0_7 that the peak is at least the load of host 7 by resource 0;
// r2_… are the rows of relation 2. Comments at the head say which rules these stand for.
//
// The program minimises the objective times a factor, plus the cost of migrating straight to the target. The factor makes a better objective worth more than all cost, so that solvers which stop at a
// relative gap (HiGHS at 1e-4) may stop before the cost is least. Two exports avoid that: one with
// minimise=objective, and one with minimise=cost and the value found as at-most.
//
// Solvers count in floating point, and take what is short of a limit by less than about a millionth for enough. That
// is nothing for amounts, which are small integers here, but a peak may come out a millionth too high.
//
// A program has one variable for each pair of a VM and a host where it may stand, up to 4 million of them; an
// instance with more is refused.
//
// # Rules
//
// All rules hold in the end, those that the start breaks included. Expressions about all VMs of a host cannot be
// said, nor rules of other modules that are not limits, filters or quotas. Whether a path leads to the target
// is not looked at, but for rules about the two ends of a migration, such as direction: no chain of
// migrations that they forbid is needed.
package lp
