// Package lp writes the choice of a target as a mixed-integer linear program, in the LP format that CPLEX
// introduced, and reads the solutions of solvers.
//
// Whoever has a solver runs one of
//
//	glpsol --lp target.lp -o answer.sol
//	cbc target.lp solve solution answer.sol
//	highs --solution_file answer.sol target.lp
//	scip -f target.lp -l answer.sol
//
// and gives the answer to `rearrange import-target lp`, which judges it.
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
// What is minimised is the objective, times a factor, plus the cost of the migrations straight to the
// target: a better objective is worth more than all cost, and solvers that stop at a relative gap (HiGHS
// at 1e-4) may stop before the cost is least. minimise=objective and minimise=cost with at-most do one
// thing after the other, and are exact at any size.
//
// # Rules
//
// All rules hold in the end, those that the start breaks included. Expressions about all VMs of a host, and rules
// of other modules that are no limits, filters, or quotas, cannot be said. What rules ask of the way there is not
// looked at, except that direct or indirect ways exist by rules such as direction.
package lp
