// The whole system on one page.
return;
