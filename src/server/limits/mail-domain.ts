/** The domain of an e-mail address, as the limits count it. Pure. */

/** Names under a country's domain that registries give to no single owner (https://publicsuffix.org/list/). */
const SHARED_SECOND_LEVEL = new Set(
  'ac,co,com,edu,firm,gen,go,gob,gouv,gov,gub,gv,id,ind,ltd,me,mil,ne,net,nhs,nom,or,org,plc,res,sch,web'.split(','),
);

/**
 * Where these providers have mailboxes. Under any other country, whoever registers the name owns it. A name that is missing here
 * costs the people of one country a shared quota; one too many would lift the quota for its owner.
 */
const LARGE_FAMILIES = new Map(
  Object.entries({
    gmx: 'at,biz,ch,co.uk,com,de,es,eu,fr,info,it,li,net,org,us',
    hotmail:
      'at,be,ca,ch,cl,co.id,co.il,co.jp,co.kr,co.nz,co.th,co.uk,co.za,com,com.ar,com.au,com.br,com.hk,com.tr,com.tw,com.vn,cz,de,dk,es,fi,fr,gr,hu,it,lt,lv,my,nl,no,ph,rs,se,sg,sk',
    live: 'at,be,ca,cl,cn,co.kr,co.uk,co.za,com,com.ar,com.au,com.mx,com.my,com.ph,com.pt,com.sg,de,dk,fi,fr,hk,ie,in,it,jp,nl,no,ru,se',
    outlook:
      'at,be,cl,co.id,co.il,co.th,com,com.ar,com.au,com.br,com.gr,com.tr,com.vn,cz,de,dk,es,fr,hu,ie,in,it,jp,kr,lv,my,ph,pt,sa,sg,sk',
    yahoo:
      'at,be,bg,ca,ch,cl,cn,co.id,co.in,co.jp,co.kr,co.nz,co.th,co.uk,co.za,com,com.ar,com.au,com.br,com.cn,com.co,com.hk,com.mx,com.my,com.pe,com.ph,com.sg,com.tr,com.tw,com.ve,com.vn,cz,de,dk,ee,es,fi,fr,gr,hr,hu,ie,in,it,lt,lv,nl,no,pl,pt,ro,rs,se,si,sk',
  }).map(([family, suffixes]) => [family, new Set(suffixes.split(','))]),
);

/**
 * Domains under which millions of people have a mailbox. Sources: the domains that mailcheck suggests
 * (https://github.com/mailcheck/mailcheck/wiki/List-of-Popular-Domains), and the largest provider of each larger country.
 */
const LARGE_PROVIDERS = new Set(
  [
    // worldwide
    'gmail.com,googlemail.com,google.com,icloud.com,me.com,mac.com,msn.com,aol.com,ymail.com,rocketmail.com,aim.com',
    'mail.com,zoho.com,fastmail.com,hushmail.com,pobox.com,proton.me,protonmail.com,pm.me,tutanota.com,hey.com',
    // North America
    'att.net,bellsouth.net,charter.net,comcast.net,cox.net,earthlink.net,juno.com,optonline.net,sbcglobal.net,verizon.net',
    'rogers.com,shaw.ca,sympatico.ca,telus.net,videotron.ca',
    // Europe
    'arcor.de,freenet.de,mail.de,online.de,posteo.de,t-online.de,web.de,bluewin.ch,chello.at,aon.at',
    'free.fr,laposte.net,neuf.fr,orange.fr,sfr.fr,wanadoo.fr,skynet.be,telenet.be,ziggo.nl,kpnmail.nl,planet.nl,xs4all.nl',
    'blueyonder.co.uk,btinternet.com,ntlworld.com,sky.com,talktalk.net,tiscali.co.uk,virginmedia.com,eircom.net',
    'alice.it,libero.it,tim.it,tiscali.it,tin.it,virgilio.it,telefonica.net,sapo.pt',
    'interia.pl,o2.pl,onet.pl,wp.pl,seznam.cz,centrum.cz,azet.sk,freemail.hu,citromail.hu,abv.bg,telia.com,online.no',
    'bk.ru,inbox.ru,list.ru,mail.ru,rambler.ru,ya.ru,yandex.com,yandex.ru,ukr.net,i.ua,meta.ua',
    // Asia, Africa, Oceania
    '126.com,139.com,163.com,189.cn,aliyun.com,foxmail.com,qq.com,sina.com,sohu.com,yeah.net',
    'docomo.ne.jp,ezweb.ne.jp,softbank.ne.jp,i.softbank.jp,nifty.com,daum.net,hanmail.net,kakao.com,nate.com,naver.com',
    'rediffmail.com,walla.co.il,walla.com,mynet.com,mweb.co.za,bigpond.com,iinet.net.au,optusnet.com.au,xtra.co.nz',
    // Latin America
    'bol.com.br,globo.com,ig.com.br,terra.com.br,uol.com.br,arnet.com.ar,fibertel.com.ar,speedy.com.ar,prodigy.net.mx',
  ].flatMap((line) => line.split(',')),
);

/**
 * The domain that an address is counted under, so that its owner cannot multiply it by subdomains: the last two labels, or
 * three where the second-last is one that a country's registry gives to nobody (`example.co.uk`). Takes a domain in ASCII.
 * People under one dynamic name (`example.duckdns.org`) are counted together. Null for a large provider.
 */
export function countedMailDomain(mail: string): string | null {
  const labels = mail
    .slice(mail.lastIndexOf('@') + 1)
    .toLowerCase()
    .split('.');
  const [second = '', top = ''] = labels.slice(-2);
  const owned = labels.slice(top.length === 2 && SHARED_SECOND_LEVEL.has(second) ? -3 : -2);
  const domain = owned.join('.');
  const [family = '', ...suffix] = labels;
  const isFamily = LARGE_FAMILIES.get(family)?.has(suffix.join('.')) ?? false;
  return LARGE_PROVIDERS.has(domain) || isFamily ? null : domain;
}
