// Package expression compiles the expressions in which users write rules, cost functions and
// objectives of their own:
//
//	used.ram <= 0.9 * host.capacity.ram
//	host.labels.disk == 'ssd' || !('db' in vm.groups)
//	vm.demand.ram * (from.rack == to.rack ? 1 : 3)
//
// The language, its grammar and precedence are those of Expr
// (https://expr-lang.org/docs/language-definition), as far as they serve to compute a
// truth or an amount: the operators + - * / % == != < <= > >= ! && || ?: in, contains,
// startsWith, endsWith and matches (RE2), lists of texts, and the functions abs, ceil,
// floor, len, max and min. Nothing has side effects, knows time or chance, or loops: an
// expression is evaluated in time proportional to its length.
//
// What it may speak of depends on its use:
//
//	vm                 name, arch, demand.<resource>, labels.<label>, numbers.<number>,
//	                   dirty_mib_per_s, working_set_mib, interruptible, pages, groups
//	host, from, to     name, arch, zone, rack, labels.<label>, numbers.<number>,
//	                   capacity.<resource>, reserved.<resource>, nic_mbps
//	used.<resource>    sum of the demands on the host
//	vms                number of VMs on the host
//
// A member whose name is not a word stands in brackets: vm.labels["my label"]. A label
// that is missing is "", a number 0 if another VM or host has it, and a dirty rate 0. All else that is unknown, and every mismatch of types, is an
// error of compilation that names the column, in bytes from 1.
//
// Numbers are exact fractions: 0.1 is a tenth, 1 / 3 a third, and nothing overflows.
//
// Note: Expr's own machine computes in float64, in which 0.29 * 100 is less than 29, and
// wraps integers that overflow. A rule that decides what is sane, and a cost that a proof
// of optimality adds up, must do neither; so the syntax tree is Expr's, and what is
// computed from it is ours. A test holds the two against each other where float64 is
// exact.
//
// An expression cannot tell apart VMs, or hosts, of which its parts say the same. So it
// is evaluated once per class of VMs and class of hosts ([Program.Filter], [Program.Tariff]),
// and a search only looks the results up.
//
// A [Query] is a test in the same language of values that have names, such as those of a
// record, in place of VMs and hosts.
package expression
